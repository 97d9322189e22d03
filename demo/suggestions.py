"""Things to try on the telephone of the demonstration."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from demo.corpus import corpus


@dataclass(frozen=True)
class Suggestion:
    """`code` stands in the address, never the words."""

    code: str
    label: str | Promise
    expect: str | Promise
    text: str


def suggestions(last_receipt: str) -> list[Suggestion]:
    """In: the last receipt number of this telephone, "" if none. Out: what can be tried now."""
    words = corpus("words")
    bambara = next(m["words"] for m in words["categories"]["INFO"]["messages"] if m["language"] == "bam")
    return [
        Suggestion(
            "plainte",
            _("Une plainte"),
            _("Un numéro revient aussitôt ; l’équipe d’écoute la voit dans « Tri »."),
            "Depuis trois distributions ma famille n’est plus sur la liste et personne ne nous dit pourquoi.",
        ),
        Suggestion("bambara", _("Une question en bambara"), _("Même chemin, autre langue."), bambara),
        Suggestion(
            "suivi",
            _("Où en est mon message ?"),
            _("La réponse dit où il en est en trois mots, et rien de plus."),
            f"SUIVI {last_receipt}".strip() if last_receipt else "SUIVI 1234 5678 9012",
        ),
        Suggestion("aide", _("AIDE"), _("Comment cela marche, en un SMS."), "AIDE"),
        Suggestion(
            "langue", _("LANGUE"), _("La liste revient ; un chiffre choisit, et la langue est retenue."), "LANGUE"
        ),
        Suggestion(
            "annuler",
            _("Retirer son accord"),
            _("Une confirmation est demandée : répondez OUI. Sans OUI, rien ne change."),
            f"ANNULER {last_receipt}".strip() if last_receipt else "ANNULER 1234 5678 9012",
        ),
        Suggestion(
            "danger",
            _("Un danger immédiat"),
            _("Le message passe en tête de « Tri », avec un délai d’une heure pour appeler."),
            "Des hommes armés arrivent maintenant dans le village, venez vite",
        ),
        Suggestion("stop", _("STOP"), _("Plus aucun message ne part vers ce numéro ; START les rétablit."), "STOP"),
        Suggestion(
            "delicat",
            _("Une allusion à une exploitation"),
            _("Le même accusé de réception, mais le message est scellé : seules les personnes de garde le lisent."),
            words["sealed"][0]["words"],
        ),
    ]
