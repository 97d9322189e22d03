from directory.models.credential import ApiClient, ApiToken
from directory.models.idempotent_call import IdempotentCall
from directory.models.organisation import Office, Organisation
from directory.models.person import User, UserRole
from directory.models.place import Place, Scope
from directory.models.service import Service

__all__ = [
    "ApiClient",
    "ApiToken",
    "IdempotentCall",
    "Office",
    "Organisation",
    "Place",
    "Scope",
    "Service",
    "User",
    "UserRole",
]
