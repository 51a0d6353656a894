// Making and using passkeys: a form with data-ceremony asks the browser, fills its `credential` and is sent.

const isThere =
  isSecureContext && window.PublicKeyCredential?.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON

const ceremonies = {
  create: ({ publicKey }) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) }),
  get: ({ publicKey }) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) }),
}

async function options({ options, optionsFrom }) {
  if (options) return JSON.parse(document.getElementById(options).textContent)
  const answer = await fetch(optionsFrom, { headers: { Accept: "application/json" } })
  return (await answer.json()).request_options
}

async function ask(form) {
  const problem = form.querySelector("[data-problem]")
  problem.textContent = ""
  try {
    const credential = await ceremonies[form.dataset.ceremony](await options(form.dataset))
    form.elements.credential.value = JSON.stringify(credential)
    form.submit()
  } catch {
    problem.textContent = problem.dataset.problem
  }
}

if (isThere) {
  for (const each of document.querySelectorAll(".needs-passkeys, form.passkey")) each.hidden = false
  for (const each of document.querySelectorAll(".no-passkeys")) each.hidden = true
}
for (const form of document.querySelectorAll("form.passkey"))
  form.addEventListener("submit", (event) => (event.preventDefault(), ask(form)))
