"""An article in the making: its paragraphs with their roles."""

from dataclasses import dataclass, field

from baokan.articles.cues import BODY, HEAD
from baokan.articles.lines import Paragraph


@dataclass
class Draft:
    """`blocks` in reading order; `resumed`: blocks before which the article jumped here from another page."""

    blocks: list[tuple[str, Paragraph]] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)
    resumed: set[int] = field(default_factory=set)
    title_after: bool = False
    jumps: bool = False

    def has(self, role: str) -> bool:
        """Whether a paragraph has the role."""
        return role in self.roles

    def title(self) -> str:
        """Its headlines in Simplified characters, one after the other."""
        return "".join(p.simple for role, p in self.blocks if role == HEAD)

    def body(self) -> str:
        """Its text in Simplified characters, without breaks."""
        return "".join(p.simple for role, p in self.blocks if role == BODY)

    def add(self, roles: list[str], paras: list[Paragraph]) -> "Draft":
        """Add paragraphs with their roles; gives the draft itself."""
        self.blocks += zip(roles, paras, strict=True)
        self.roles.update(roles)
        return self
