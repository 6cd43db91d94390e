"""The models of rapidocr (PP-OCR), and what runs them: whether they are there, and what they are called."""

from functools import cache
from importlib import metadata, util
from pathlib import Path

import numpy as np

from baokan.versions import folder_of


def missing() -> str:
    """What is to be installed before pages can be read by OCR, in words; "" for nothing."""
    if all(util.find_spec(name) for name in ("rapidocr", "onnxruntime", "cv2")):
        return ""
    return "reading it needs OCR; install it with `make ocr` (or pip install -r requirements-ocr.txt)"


@cache
def engine() -> str:
    """The engine and its models, as methods are named: "rapidocr 3.10.0, PP-OCRv6_small"."""
    return f"rapidocr {metadata.version('rapidocr')}, {models()[1].stem.replace('_rec', '')}"


def models() -> tuple[Path, Path]:
    """The files of the detector and of the recogniser."""
    folder = folder_of("rapidocr") / "models"
    detector, recogniser = (sorted(folder.glob(f"PP-OCR*_{task}_*.onnx"))[-1] for task in ("det", "rec"))
    return detector, recogniser


@cache
def session_of(path: Path):
    """What runs the model in the file `path`."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One thread: more would give sums, and so now and then a character, that depend on the machine.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def tensor(grey: np.ndarray) -> np.ndarray:
    """float32 of -1 to 1, three channels alike."""
    scaled = grey.astype(np.float32) / 127.5 - 1
    return np.repeat(scaled[..., None, :, :], 3, axis=-3)
