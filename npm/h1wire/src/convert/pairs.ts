// Which response answers which request, where they do not stand side by side.

import type { Message, ResponseMessage } from './model.js'

/** Each request with its responses behind it: to each the next final response, and the 1xx before that. */
export function paired(messages: readonly Message[]): Message[] {
  const requests = messages.filter((message) => message.kind === 'request')
  const answers = grouped(messages.filter((message) => message.kind === 'response'))
  if (requests.length === 0 || answers.length === 0) return [...messages]
  return [
    ...requests.flatMap((request, index) => [request, ...(answers[index] ?? [])]),
    ...answers.slice(requests.length).flat(),
  ]
}

/** Responses, each with what came before it for the same request. */
function grouped(responses: readonly ResponseMessage[]): ResponseMessage[][] {
  const groups: ResponseMessage[][] = []
  let open: ResponseMessage[] | undefined
  for (const response of responses) {
    if (open === undefined) {
      open = []
      groups.push(open)
    }
    open.push(response)
    if (isFinal(response)) open = undefined
  }
  return groups
}

/** Whether no other response to the same request follows. */
export function isFinal({ status }: ResponseMessage): boolean {
  return status >= 200 || status === 101
}
