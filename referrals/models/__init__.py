from referrals.models.comment import AgencyComment
from referrals.models.consent import Consent
from referrals.models.cycle import ReferralCycle
from referrals.models.endpoint import Delivery, Endpoint
from referrals.models.late import LateNotice
from referrals.models.message import ReferralMessage
from referrals.models.pause import ReferralPause
from referrals.models.referral import Referral
from referrals.models.saved_filter import SavedFilter

__all__ = [
    "AgencyComment",
    "Consent",
    "Delivery",
    "Endpoint",
    "LateNotice",
    "Referral",
    "ReferralCycle",
    "ReferralMessage",
    "ReferralPause",
    "SavedFilter",
]
