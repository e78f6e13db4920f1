// What a script adds to pages that work without one: copying, focus, menus, one submit a click.
"use strict";

(() => {
  const announce = (text) => {
    const region = document.getElementById("announce");
    if (!region) return;
    region.textContent = "";
    setTimeout(() => { region.textContent = text; }, 50);
  };

  const selectText = (element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  const copy = async (button) => {
    const source = button.dataset.copy ? document.querySelector(button.dataset.copy) : null;
    const text = button.dataset.copyText ?? source?.value ?? source?.textContent;
    if (text === undefined) return;
    try {
      await navigator.clipboard.writeText(text.trim());
    } catch {
      // The browser refused: mark the text, so that a keystroke copies it.
      if (source) selectText(source);
      announce("The browser did not allow copying. The text is selected: copy it by keyboard.");
      return;
    }
    const label = button.dataset.label ?? button.textContent;
    button.dataset.label = label;
    button.dataset.copied = "";
    button.textContent = "Copied";
    announce("Copied");
    setTimeout(() => {
      delete button.dataset.copied;
      button.textContent = label;
    }, 2000);
  };

  const fill = (button) => {
    const field = document.querySelector(button.dataset.fill);
    if (!field) return;
    field.value = button.dataset.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  };

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-copy-text], [data-fill]");
    if (button?.dataset.fill) fill(button);
    else if (button) copy(button);
    closeMenus(event.target.closest("details.menu"));
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open]");
    closeMenus();
    menu?.querySelector("summary").focus();
  });

  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

  // A second click sends nothing. The buttons are disabled after the form data was taken,
  // because a disabled button's name and value would not be sent.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent !== undefined) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    });
  });

  // Back to a page out of the browser's memory: its forms can be sent again.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });

  // How long ago something was seen, counted here: the page need not be sent again for it.
  const UNITS = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"]];
  const tellAges = () => {
    for (const each of document.querySelectorAll("time[data-ago]")) {
      const age = Math.max(0, Math.round((Date.now() - Date.parse(each.dateTime)) / 1000));
      const [, size, unit] = UNITS.find(([limit]) => age < limit) ?? [];
      if (size) each.textContent = `${Math.floor(age / size)} ${unit} ago`;
    }
  };
  tellAges();
  setInterval(tellAges, 1000);
  document.addEventListener("htmx:afterSettle", tellAges);

  const summary = document.querySelector("[data-summary]");
  if (summary) summary.focus();

  // htmx gives focus back by id alone; remember what had it, and how much was open.
  let focused = null;
  let opened = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    const active = document.activeElement;
    const key = active?.id ? `#${CSS.escape(active.id)}` : active?.dataset?.key && `[data-key="${CSS.escape(active.dataset.key)}"]`;
    focused = key && target.contains(active) ? key : null;
    opened = [...target.querySelectorAll("details[id][open]")].map((each) => each.id);
  });
  document.addEventListener("htmx:afterSettle", () => {
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    opened = [];
    if (focused && document.activeElement === document.body) document.querySelector(focused)?.focus();
    focused = null;
  });
})();
