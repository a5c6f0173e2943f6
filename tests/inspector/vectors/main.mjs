// Has a worker run all vectors, as the inspector page has its worker read octets.

const worker = new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' })

window.results = new Promise((resolve, reject) => {
  worker.addEventListener('message', ({ data }) => resolve(data))
  worker.addEventListener('error', ({ message }) => reject(new Error(message)))
})
