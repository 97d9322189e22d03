// "Quitter vite": leave at once, and leave nothing behind the back button. Escape pressed three times does the same.
(function () {
  var link = document.querySelector("[data-quit]");
  if (!link) return;
  var presses = 0, timer;
  // What was kept to be sent without a network goes too, and the copy of the page that allowed it.
  function forget() {
    try { localStorage.clear(); sessionStorage.clear(); } catch (error) { /* a browser that keeps nothing */ }
    if (window.caches) caches.delete("jaabi").catch(function () {});
    if (navigator.serviceWorker) navigator.serviceWorker.getRegistrations().then(function (all) {
      all.forEach(function (one) { one.unregister(); });
    }).catch(function () {});
  }
  function leave(event) {
    if (event) event.preventDefault();
    document.documentElement.hidden = true;
    forget();
    window.location.replace(link.href);
  }
  link.addEventListener("click", leave);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    clearTimeout(timer);
    timer = setTimeout(function () { presses = 0; }, 1500);
    presses += 1;
    if (presses === 3) leave();
  });
  // A page kept by the browser is not shown again after leaving.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted && document.documentElement.hidden) window.location.replace("/");
  });
  var print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", function () { window.print(); }); }
})();
