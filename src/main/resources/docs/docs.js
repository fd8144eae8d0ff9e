// Shows the contract of the gateway that served this page. Nothing is asked of any other host: the content security
// policy forbids it, and the validator that Swagger UI would call by itself is switched off.
"use strict";

const contractUrl = new URL("../openapi.json", document.baseURI);

/** Follows the reader's choice between light and dark, also while the page is open. */
function followColourScheme() {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", apply);
  apply();
}

async function readContract() {
  const answer = await fetch(contractUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new Error(`${contractUrl.pathname} answered ${answer.status}`);
  }
  return answer.json();
}

/** "Try it out" calls the gateway that the reader is looking at, not the demo that the contract names. */
function servedFromHere(contract) {
  const here = new URL(".", contractUrl).href.replace(/\/$/, "");
  return { ...contract, servers: [{ url: here, description: "This gateway" }] };
}

function show(contract) {
  window.SwaggerUIBundle({
    spec: contract,
    dom_id: "#operations",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    filter: true,
    // A key typed here is gone with the page: browsers' storage is no place for it.
    persistAuthorization: false,
    validatorUrl: null,
  });
}

followColourScheme();
readContract()
  .then(servedFromHere)
  .then(show)
  .catch((failure) => {
    document.getElementById("notice").textContent = `The contract could not be shown: ${failure.message}.`;
  });
