// The entry `h1wire/net`: HTTP over sockets that JavaScript holds. Node.js only.

export { IncomingBody, type ReadOptions } from './node/incoming.js'
