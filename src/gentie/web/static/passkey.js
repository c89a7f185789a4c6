/* Passkeys: asks the device, and hands what it says to the service. What stands in the page is
   hidden until this has run, so that nobody presses what cannot work. */

const HERE = "/api/v1/account/passkeys";

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const fromText = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
const asBytes = (text) => new TextEncoder().encode(text);

class Refused extends Error {}

async function send(path, body, csrf) {
  const headers = { "x-csrf-token": csrf ?? "" };
  if (body) headers["content-type"] = "application/json";
  const answer = await fetch(HERE + path, { method: "POST", headers, body: body && JSON.stringify(body) });
  const said = await answer.json();
  if (!answer.ok) throw new Refused(said.detail ?? said.title);
  return said;
}

async function add(form) {
  const { csrf, label, password } = form.elements;
  const asked = await send("/begin", undefined, csrf.value);
  const made = await navigator.credentials.create({
    publicKey: {
      challenge: asBytes(asked.challenge),
      rp: { id: asked.rp, name: asked.rp },
      user: { id: asBytes(asked.user), name: asked.name, displayName: asked.name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: "public-key", alg })),
      excludeCredentials: asked.exclude.map((id) => ({ type: "public-key", id: fromText(id) })),
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
    },
  });
  const { clientDataJSON, attestationObject } = made.response;
  const body = { client_data: toText(clientDataJSON), attestation: toText(attestationObject) };
  await send("/", { ...body, label: label.value, password: password?.value ?? "" }, csrf.value);
  location.reload();
}

async function enter(part) {
  const asked = await send("/sign-in/begin");
  const shown = await navigator.credentials.get({
    publicKey: { challenge: asBytes(asked.challenge), rpId: asked.rp, userVerification: "required" },
  });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  await send("/sign-in", {
    user: userHandle ? new TextDecoder().decode(userHandle) : "",
    credential: toText(shown.rawId),
    client_data: toText(clientDataJSON),
    authenticator_data: toText(authenticatorData),
    signature: toText(signature),
  });
  location.assign(part.dataset.next);
}

function bind(part, event, doing) {
  const status = part.querySelector("[role=status]");
  const button = part.querySelector("button");
  part.addEventListener(event, async (happened) => {
    if (event === "click" && happened.target !== button) return;
    happened.preventDefault();
    status.textContent = "";
    button.disabled = true;
    try {
      await doing(part);
    } catch (error) {
      status.textContent = error instanceof Refused ? error.message : part.dataset.nothing;
      button.disabled = false;
      button.focus();
    }
  });
  part.hidden = false;
}

if (window.PublicKeyCredential) {
  for (const part of document.querySelectorAll("[data-passkey=add]")) bind(part, "submit", add);
  for (const part of document.querySelectorAll("[data-passkey=enter]")) bind(part, "click", enter);
}
