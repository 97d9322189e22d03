from directory.models.credential import ApiToken
from directory.models.notice import StaffNotice
from directory.models.organisation import Office, Organisation
from directory.models.person import User, UserRole
from directory.models.place import Place, Scope
from directory.models.service import Service

__all__ = ["ApiToken", "Office", "Organisation", "Place", "Scope", "Service", "StaffNotice", "User", "UserRole"]
