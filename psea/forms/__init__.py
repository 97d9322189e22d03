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
from psea.forms.statistical import StatisticsForm

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
    "StatisticsForm",
    "SwapForm",
    "TransmitForm",
    "WeekForm",
    "WishForm",
]
