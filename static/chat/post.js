// A POST to this site: of fields, a form's data, or a text as it is. The token is the cookie's: another tab may have
// signed in since this page was made.

export function post(path, fields, options = {}) {
  const cookie = document.cookie.match(/(?:^|; )chat_csrf=([^;]+)/)?.[1]
  const token = cookie ?? document.querySelector("[name=csrfmiddlewaretoken]").value
  const headers = { Accept: "application/json", "X-CSRFToken": token }
  const body = typeof fields === "string" ? fields : new URLSearchParams(fields)
  return fetch(path, { method: "POST", headers, body, ...options })
}
