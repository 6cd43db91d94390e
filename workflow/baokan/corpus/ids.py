"""The ids by which all tables know the things of a corpus."""


def issue_id(source: str, publication: str, issue: str) -> str:
    """The id of an issue, ``source/publication/issue``; "" when ``issue`` is empty, for then there is no issue.

    A slash or a per cent sign inside a part is written as %2F or %25, so that different issues never share an id.
    """
    if not issue:
        return ""
    return "/".join(part.replace("%", "%25").replace("/", "%2F") for part in (source, publication, issue))
