// HAProxy, twice in one process: an origin that answers out of its configuration, and a proxy in front of whoever
// listens on `ours`.

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { makeFolder, startProgram } = require('./program.js')

/** Starts it for a test; gives the paths of its sockets, and of the one it asks. */
async function startHaproxy(t, command) {
  const folder = makeFolder('haproxy')
  const at = (name) => path.join(folder, name)
  fs.writeFileSync(at('haproxy.cfg'), configuration(at))
  // In the foreground, in one process; q: nothing to tell.
  await startProgram(t, folder, command, ['-db', '-q', '-f', at('haproxy.cfg')], at('proxy'))
  return { origin: at('origin'), impatient: at('impatient'), proxy: at('proxy'), ours: at('ours') }
}

const configuration = (at) => `
global
  maxconn 200
defaults
  mode http
  timeout connect 5s
  timeout client 20s
  timeout server 20s
frontend origin
  bind unix@${at('origin')}
  http-request return status 204 if { path /empty }
  http-request return status 200 content-type text/plain string hello if { path /hello }
  http-request redirect location /hello if { path /elsewhere }
  http-request deny
frontend impatient
  bind unix@${at('impatient')}
  timeout http-request 100ms
  http-request deny
frontend proxy
  bind unix@${at('proxy')}
  default_backend ours
backend ours
  option abortonclose
  server ours unix@${at('ours')}
`

module.exports = { startHaproxy }
