// nginx, twice in one process: an origin with files, and a proxy in front of whoever listens on `ours`.

'use strict'

const fs = require('node:fs')
const path = require('node:path')
const { makeFolder, startProgram } = require('./program.js')

/** Starts it for a test; gives the paths of its sockets, and of the one it asks. */
async function startNginx(t, command) {
  const folder = makeFolder('nginx')
  const at = (name) => path.join(folder, name)
  for (const name of ['files', 'files/put', 'files/small', 'temp']) {
    fs.mkdirSync(at(name))
    fs.chmodSync(at(name), 0o777)
  }
  fs.writeFileSync(at('nginx.conf'), configuration(at))
  const args = ['-p', folder, '-e', 'stderr', '-c', at('nginx.conf')]
  await startProgram(t, folder, command, args, at('proxy'))
  return { files: at('files'), origin: at('origin'), proxy: at('proxy'), ours: at('ours') }
}

// One process, so that to kill it is to stop it. The proxy passes bodies on as they come.
const configuration = (at) => `
daemon off;
master_process off;
pid ${at('nginx.pid')};
error_log stderr emerg;
events {}
http {
  access_log off;
  default_type text/plain;
  keepalive_requests 100000;
  client_body_temp_path ${at('temp')}/body;
  proxy_temp_path ${at('temp')}/proxy;
  fastcgi_temp_path ${at('temp')}/fastcgi;
  uwsgi_temp_path ${at('temp')}/uwsgi;
  scgi_temp_path ${at('temp')}/scgi;
  server {
    listen unix:${at('origin')};
    root ${at('files')};
    client_max_body_size 0;
    location /sum/ { alias ${at('files')}/; add_trailer X-Sum 9; }
    location /put/ { dav_methods PUT; }
    location /small/ { dav_methods PUT; client_max_body_size 10; }
    location = /empty { return 204; }
    location = /short { return 200 hello; keepalive_requests 1; }
  }
  map $http_upgrade $connection_field { '' ''; default upgrade; }
  upstream ours { server unix:${at('ours')}; keepalive 8; }
  server {
    listen unix:${at('proxy')};
    client_max_body_size 0;
    location / {
      proxy_pass http://ours;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_field;
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}
`

module.exports = { startNginx }
