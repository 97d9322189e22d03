from referrals.models.comment import AgencyComment
from referrals.models.consent import Consent
from referrals.models.cycle import ReferralCycle
from referrals.models.endpoint import Delivery, Endpoint
from referrals.models.envelope import EnvelopeIn, EnvelopeOut
from referrals.models.file import ReferralFile
from referrals.models.late import LateNotice
from referrals.models.message import ReferralMessage
from referrals.models.note import ReferralNote
from referrals.models.pause import ReferralPause
from referrals.models.peer import Peer, PeerOrganisation
from referrals.models.referral import Referral
from referrals.models.saved_filter import SavedFilter
from referrals.models.sheet_reply import SheetReply
from referrals.models.tally import ReferralFacts, ReferralTally

__all__ = [
    "AgencyComment",
    "Consent",
    "Delivery",
    "Endpoint",
    "EnvelopeIn",
    "EnvelopeOut",
    "LateNotice",
    "Peer",
    "PeerOrganisation",
    "Referral",
    "ReferralCycle",
    "ReferralFacts",
    "ReferralFile",
    "ReferralMessage",
    "ReferralNote",
    "ReferralPause",
    "ReferralTally",
    "SavedFilter",
    "SheetReply",
]
