"""Which words a text sent to a telephone may not hold: they would tell whoever reads it what the matter is."""

from __future__ import annotations

import re
import unicodedata

from directory.models import Organisation
from feedback.models import Category

# Prefixes, accents folded. From DESIGN §4 "SMS to people" and facts.md §6.5.
FORBIDDEN = (
    # fra
    "plaint", "reclam", "signal", "dossier", "retour", "agence", "ong", "humanitaire", "aide alimentaire", "fraud",
    "corrupt", "abus", "exploit", "sexu", "viol", "victim", "surviv", "vbg", "peas", "eas", "mpbc", "enquet", "confid",
    "protection", "securite", "integrit", "onu", "ocha", "hcr", "unicef", "unfpa", "pam", "oim", "croix",
    # eng
    "complain", "feedback", "agency", "report", "abuse", "sex", "rape", "survivor", "sea", "psea", "investig",
    # bam, ful, ses, taq
    "jugu", "woyaba", "kafonyogonya", "tooro", "bone", "jinaa", "wullo", "zina", "laybu", "assahat",
    # ara
    "شكوى", "شكاية", "اعتداء", "تحرش", "منظمة", "فساد",
)  # fmt: skip


def telling_words(text: str) -> set[str]:
    """Words of `text` that name the subject, folded."""
    return {word for word in _words(text) if word.startswith(FORBIDDEN)}


def telling_names(text: str) -> set[str]:
    """Organisations and categories that `text` names, as the settings spell them: acronyms as written, names folded."""
    said, signs = f" {' '.join(_words(text))} ", set(re.findall(r"[\w'’-]+", text))
    organisations = list(Organisation.objects.values_list("acronym", "name"))
    names = {name for _acronym, name in organisations} | set(Category.objects.values_list("label", flat=True))
    named = {name for name in names if f" {' '.join(_words(name))} " in said}
    return named | {acronym for acronym, _name in organisations if acronym in signs}


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFD", text.lower().replace("ɲ", "ny").replace("ɔ", "o").replace("ɛ", "e"))
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return "".join(c if c.isalnum() else " " for c in letters).split()
