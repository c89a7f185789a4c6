/* The window in which somebody signs in for a page of another site. Hands the answer to the page
   that opened it, and to no other: the browser delivers it to the named origin only. */

const quiet = document.querySelector("form[data-quiet]");
const answer = document.querySelector("#answer");

if (quiet) {
  quiet.requestSubmit(quiet.querySelector("button[value=yes]"));
} else if (answer && window.opener) {
  const { origin, state, code } = answer.dataset;
  const said = code ? { type: "gentie:code", state, code } : { type: "gentie:declined", state };
  window.opener.postMessage(said, origin);
  window.close();
}
