// After so many idle minutes the page leaves the screen: what was being typed goes to the server, which seals it to its
// author, and the vault locks. Without this script the server closes it all the same, and the page stays to be read.
(() => {
  "use strict";
  const minutes = Number(document.body.dataset.idleMinutes);
  const lock = document.querySelector("form[data-vault-lock]");
  if (!minutes || !lock) return;
  let touched = Date.now();
  let typedIn = null;
  const touch = () => { touched = Date.now(); };
  ["keydown", "pointerdown", "scroll", "touchstart"].forEach((name) => addEventListener(name, touch, { passive: true }));
  document.addEventListener("input", (event) => {
    if (event.target.form && event.target.form.method === "post") typedIn = event.target.form;
  });

  const leave = () => {
    if (typedIn && typedIn.isConnected) {
      const add = (name, value) => {
        const field = document.createElement("textarea");
        field.name = name;
        field.hidden = true;
        field.value = value;
        lock.append(field);
      };
      add("draft_path", new URL(typedIn.action, location.href).pathname);
      for (const [name, value] of new FormData(typedIn)) {
        if (typeof value === "string" && name !== "csrfmiddlewaretoken") add(name, value);
      }
    }
    lock.submit();
  };
  // A sleeping telephone runs no timer: it is looked at again when it wakes.
  const look = () => { if (Date.now() - touched >= minutes * 60000) leave(); };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
})();
