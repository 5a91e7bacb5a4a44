from departments.models import Role, User


def can_gather(user: User) -> bool:
    """The package for an inspection: whoever reads reports, each as many as the person may see."""
    readers = (Role.REPORTER, Role.SIGNER, Role.SUPERVISOR, Role.PUBLISHER, Role.LEADER, Role.AUDITOR)
    return user.has_role(*readers)
