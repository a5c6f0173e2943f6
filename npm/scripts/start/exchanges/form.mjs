// What a client says of the forms it posts.

export const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
