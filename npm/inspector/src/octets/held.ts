// The octets that `h1wire ui` holds ready for the page: it names them in the fragment of the address it tells.

/** These octets, if the fragment names any; throws if the server has them no more. */
export async function heldByServer(fragment: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const path = new URLSearchParams(fragment).get('open')
  // No more than a name below the page's own folder: the fragment may come from anybody.
  if (path === null || !/^octets\/[0-9a-f-]+$/.test(path)) return undefined
  const response = await fetch(path)
  if (!response.ok) throw new Error(`the server no longer has its octets: it answers ${response.status}`)
  return new Uint8Array(await response.arrayBuffer())
}
