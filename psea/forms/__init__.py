"""Forms of the vault."""

from psea.forms.cases import (
    AcceptForm,
    AskForm,
    CopyForm,
    FactsForm,
    InformForm,
    NoteForm,
    OfferForm,
    OutsideForm,
    ReclassifyForm,
    TransmitForm,
    WishForm,
)
from psea.forms.duty import OfficerForm, SwapForm, WeekForm
from psea.forms.following import ChaseForm, HandCopyForm, HandedForm, HoldForm, ImplicatedForm
from psea.forms.passphrase import PassphraseForm

__all__ = [
    "AcceptForm",
    "AskForm",
    "ChaseForm",
    "CopyForm",
    "FactsForm",
    "HandCopyForm",
    "HandedForm",
    "HoldForm",
    "ImplicatedForm",
    "InformForm",
    "NoteForm",
    "OfferForm",
    "OfficerForm",
    "OutsideForm",
    "PassphraseForm",
    "ReclassifyForm",
    "SwapForm",
    "TransmitForm",
    "WeekForm",
    "WishForm",
]
