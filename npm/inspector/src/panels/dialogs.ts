// What dialogs look like.

import { css } from 'lit'

export const dialogs = css`
  dialog {
    color: var(--ink);
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 10px;
    padding: 20px;
    width: min(880px, calc(100vw - 24px));
    max-height: calc(100vh - 24px);
    box-shadow: 0 12px 48px #0006;
  }
  dialog::backdrop {
    background: #0008;
  }
  form {
    display: grid;
    gap: 12px;
  }
  h2 {
    font-size: 17px;
  }
  fieldset {
    border: 0;
    padding: 0;
    margin: 0;
    min-width: 0;
  }
  textarea {
    width: 100%;
    resize: vertical;
    font: 13px/1.5 var(--mono);
    background: var(--well);
    border: 1px solid var(--line);
    border-radius: 6px;
    padding: 10px 12px;
    white-space: pre;
  }
  .ends {
    display: flex;
    gap: 8px;
    align-items: center;
    flex-wrap: wrap;
  }
  .ends p {
    flex: 1;
    min-width: 200px;
  }
`
