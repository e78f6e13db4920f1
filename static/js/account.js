// What a script adds to the pages about signing in: passkeys, showing a password, printing.
"use strict";

(() => {
  // Passkeys. The server's question is in the page as JSON, or is asked for when it is needed.
  const optionsOf = async (form) => {
    if (!form.dataset.ask) {
      return JSON.parse(document.getElementById(form.dataset.options).textContent);
    }
    const response = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`The server answered ${response.status}.`);
    return await response.json();
  };

  const wantPasskey = (creation, alone) => {
    // A key that signs in by itself is kept whole on the device, which sees who uses it.
    creation.publicKey.authenticatorSelection = {
      ...creation.publicKey.authenticatorSelection,
      residentKey: alone ? "required" : "discouraged",
      requireResidentKey: alone,
      ...(alone ? { userVerification: "required" } : {}),
    };
    return creation;
  };

  const answer = async (form) => {
    const options = await optionsOf(form);
    if (form.dataset.passkey === "get") return await webauthnJSON.get(options.request_options);
    const alone = form.querySelector("[name=passwordless]")?.checked ?? false;
    return await webauthnJSON.create(wantPasskey(options.creation_options, alone));
  };

  const usePasskey = async (form) => {
    const button = form.querySelector("[type=submit]");
    const problem = form.querySelector("[data-problem]");
    problem.hidden = true;
    button.disabled = true;
    try {
      form.querySelector("[name=credential]").value = JSON.stringify(await answer(form));
      form.submit();
    } catch {
      problem.hidden = false;
      button.disabled = false;
    }
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-passkey]")) return;
    event.preventDefault();
    usePasskey(event.target);
  });

  // A password can be looked at while it is typed.
  const addToggle = (input) => {
    const frame = document.createElement("div");
    const button = document.createElement("button");
    frame.className = "reveal";
    button.type = "button";
    button.className = "btn quiet";
    const word = document.createElement("span");
    const what = document.createElement("span");
    word.textContent = "Show";
    what.textContent = " what you typed";
    what.className = "visually-hidden";
    button.append(word, what);
    button.setAttribute("aria-pressed", "false");
    input.replaceWith(frame);
    frame.append(input, button);
    button.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      word.textContent = shown ? "Hide" : "Show";
      button.setAttribute("aria-pressed", String(shown));
    });
    // Sent as a password: browsers then offer to keep it, and do not keep it as plain text.
    input.form?.addEventListener("submit", () => { input.type = "password"; });
  };
  document.querySelectorAll("input[type=password]").forEach(addToggle);

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) print();
  });
})();
