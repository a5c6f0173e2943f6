// What a parser has told: every subject and every peer counts here, so that none can leave work out, and no engine.
'use strict'

/** Messages that ended; characters of targets or reasons; field lines and their characters; octets of bodies. */
const told = { messages: 0, line: 0, fields: 0, text: 0, body: 0 }

/** The field section that was told last. */
const last = { fields: [] }

/** Counts a field section in the form `[name, value, name, value, …]`. */
function tellFields(raw) {
  last.fields = raw
  told.fields += raw.length / 2
  for (let at = 0; at < raw.length; at++) told.text += raw[at].length
}

/** What one run tells, whatever it leaves for later included. */
function outcome(run) {
  for (const key of Object.keys(told)) told[key] = 0
  run()
  run.finish?.()
  return JSON.stringify(told)
}

module.exports = { told, last, tellFields, outcome }
