// A form sent without a network is lost with its page: here it waits on it, and leaves when the network is back.
// In: the form; `told(id)`, called as it leaves. Out: `send(form, id)`, a promise that fails without a network; `stop`.
window.waitsForNetwork = function (form, told) {
  "use strict";
  var AGAIN = 5000, notice = document.querySelector("[data-waits]"), timer, isSent = false;

  // Asks first whether the network is there. The copy that opened without a network has no token of this browser: a
  // fresh page brings it.
  function reach(what) {
    var asks = what.elements.csrfmiddlewaretoken ? fetch(form.dataset.worker, { method: "HEAD", cache: "no-store" })
      : fetch(form.action, { cache: "no-store" });
    return asks.then(function (answer) {
      if (!answer.ok) throw new Error();
      return answer.text();
    }).then(function (text) {
      if (what.elements.csrfmiddlewaretoken) return;
      var field = document.createElement("input");
      field.type = "hidden";
      field.name = "csrfmiddlewaretoken";
      field.value = new DOMParser().parseFromString(text, "text/html").querySelector("[name=csrfmiddlewaretoken]").value;
      what.appendChild(field);
    });
  }
  function send(what, id) {
    return reach(what).then(function () {
      if (isSent) return;
      isSent = true;
      told(id);
      what.submit();
    });
  }
  function stop() { clearInterval(timer); notice.hidden = true; }
  function wait() {
    notice.hidden = false;
    notice.querySelector("[data-staying]").hidden = !document.querySelector("[data-keep] input").checked;
    clearInterval(timer);
    timer = setInterval(retry, AGAIN);
    notice.focus();
  }
  function retry() { send(form, form.elements.once.value).catch(function () {}); }
  window.addEventListener("online", function () { if (!notice.hidden) retry(); });
  window.addEventListener("pageshow", function () { isSent = false; });
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (navigator.onLine) send(form, form.elements.once.value).catch(wait);
    else wait();
  });
  return { send: send, stop: stop };
};
