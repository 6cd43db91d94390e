"""Copies of the project in which the workflow is really run, and helpers to run it and to read what it would do."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
# What is compiled goes along: each copy would compile it anew.
LEFT_OUT = {".git", ".venv", ".snakemake", "results", ".pytest_cache", ".hypothesis", ".ruff_cache"}
# A fit of seconds: tests of the workflow's behaviour need no good model.
LIGHT = {
    "shards": 2,
    "words": {"audit_characters": 0},
    "topics": {"k": [4, 6], "seeds": 2, "chosen_seeds": 3, "check_engine": "none", "iterations": 60},
    "compare": {"permutations": 199, "specifications": "none"},
}


@dataclass
class Project:
    """A copy of the project, to be run and changed."""

    root: Path
    said: str = ""  # by the run that made its results

    def run(self, *arguments: str, check: bool = True, **kwargs) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
            cwd=self.root,
            **{"env": self.environment(), "timeout": 400} | kwargs,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert not check or done.returncode == 0, done.stdout[-6000:]
        return done

    def environment(self) -> dict[str, str]:
        return {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV"))} | {"PYTHONPATH": "workflow"}

    def planned(self, *arguments: str, env: dict[str, str] | None = None) -> dict[str, int]:
        """Rule to number of jobs that a run would do now; env: added to the environment."""
        text = self.run("-n", *arguments, env=self.environment() | (env or {})).stdout
        if "Nothing to be done" in text:
            return {}
        table = text[text.index("Job stats:") :].split("total")[0]
        return {m[1]: int(m[2]) for m in re.finditer(r"^(\w+)\s+(\d+)\s*$", table, re.M) if m[1] != "all"}

    def other_ocr(self) -> dict[str, str]:
        """An environment in which OCR has just been installed, or another version of it."""
        folder = self.root / "ocr"
        for name in ("rapidocr", "onnxruntime", "opencv_python_headless"):
            about = folder / f"{name}-9.9.9.dist-info"
            about.mkdir(parents=True, exist_ok=True)
            (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 9.9.9\n", encoding="utf-8")
        return {"PYTHONPATH": f"workflow{os.pathsep}{folder}"}

    def write(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding=encoding)
        return path

    def small_corpus(self, name: str = "small", issues: int = 3) -> str:
        """A corpus of the first issues of each source of the sample, in a folder of its own."""
        target = self.root / name
        for source in ("newspaper", "magazine", "gazette"):
            (target / source).mkdir(parents=True, exist_ok=True)
            for file in sorted((self.root / "data/sample" / source).glob("*.txt"))[:issues]:
                shutil.copy(file, target / source / file.name)
        return name

    def light(self, **more) -> list[str]:
        """Arguments for a quick run, with `more` merged into the light configuration."""
        import yaml

        path = self.write("light.yaml", yaml.safe_dump(LIGHT | more))
        return ["--configfile", path.name]


def copy_project(target: Path) -> Project:
    shutil.copytree(ROOT, target, ignore=lambda folder, names: [n for n in names if n in LEFT_OUT], symlinks=True)
    (target / "results").mkdir()
    return Project(target)


def digests(folder: Path) -> dict[str, str]:
    """sha256 by path of all files below `folder`; logs, which hold times, left out."""
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and "logs" not in p.relative_to(folder).parts
    }
