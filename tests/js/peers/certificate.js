// A certificate for localhost that nobody else vouches for: made by openssl when a test needs it.

'use strict'

const { spawnSync } = require('node:child_process')
const fs = require('node:fs')
const os = require('node:os')
const path = require('node:path')

/** `{ key, cert }`; undefined where there is no openssl. */
function selfMade() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'h1wire-certificate-'))
  try {
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(folder, name))
    const about = [
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=DNS:localhost,IP:127.0.0.1',
      '-days',
      '1',
    ]
    const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    const { status } = spawnSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', cert, ...about])
    return status === 0 ? { key: fs.readFileSync(key), cert: fs.readFileSync(cert) } : undefined
  } finally {
    fs.rmSync(folder, { recursive: true })
  }
}

module.exports = { selfMade }
