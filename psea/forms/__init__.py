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
    PaperCopyForm,
    ReclassifyForm,
    TransmitForm,
    WishForm,
)
from psea.forms.duty import OfficerForm, SwapForm, WeekForm
from psea.forms.following import ChaseForm, HandCopyForm, HandedForm, HoldForm, ImplicatedForm
from psea.forms.passphrase import BothForm, CodeForm, PassphraseForm
from psea.forms.recovery import RecoveryForm

__all__ = [
    "AcceptForm",
    "AskForm",
    "BothForm",
    "ChaseForm",
    "CodeForm",
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
    "PaperCopyForm",
    "PassphraseForm",
    "ReclassifyForm",
    "RecoveryForm",
    "SwapForm",
    "TransmitForm",
    "WeekForm",
    "WishForm",
]
