// The quick-create link carries its values behind "#": …#/stacks/create/review?templateURL=…
// They never reach a server, so they are put into the form here.
(function () {
  "use strict";
  const form = document.getElementById("quick-create");
  const values = new URLSearchParams(window.location.hash.split("?").slice(1).join("?"));
  const parameters = document.getElementById("parameters");

  function field(name) {
    const found = document.getElementById(name);
    if (found || !/^param_[A-Za-z0-9]+$/.test(name)) return found;
    const label = document.createElement("label");
    label.htmlFor = name;
    label.textContent = name.slice("param_".length);
    const input = document.createElement("input");
    input.id = input.name = name;
    parameters.append(label, input);
    return input;
  }

  for (const [name, value] of values) {
    const input = field(name);
    if (input && form.contains(input)) input.value = value;
  }
  // As in the console: what the link gave is shown, not edited.
  const template = document.getElementById("templateURL");
  if (template.value) template.readOnly = true;
})();
