#!/usr/bin/env python3
"""Trains isoflop's decoder in plain PyTorch and prints how fast that goes.

The peer of `isoflop bench`: the same decoder, loss, clipping and AdamW, the same count of FLOPs,
so that anyone with a Python can see the ratio on their own machine:

    scripts/isoflop bench --csv bench.csv
    python3 scripts/peer_pytorch.py --shapes bench.csv --csv peer.csv

Needs PyTorch 2.4 or newer and nothing else; `--mode compile` needs what torch.compile needs, a C++
compiler on a CPU. Data are random tokens on the device: the loss stays near ln(vocabulary), the
work is that of a real step. Weights, gradients and moments are float32 in both precisions, the
embedding is looked up in float32, and attention on a CPU is float32, as in isoflop; float32 products
are full float32, not TF32.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import itertools
import math
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

try:
    import torch
    import torch.nn.functional as F
    from torch import Tensor, nn
except ImportError:
    print("peer_pytorch.py: this Python has no PyTorch; try pip install torch", file=sys.stderr)
    sys.exit(2)

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
MODES = ("eager", "compile")
WARM_UP_STEPS = 10
CHUNKS = 5
NORM_EPSILON = 1e-5
TOKENS_PER_STEP = 2048


@dataclass(frozen=True)
class Shape:
    """A decoder and its batch; the fields are columns of `isoflop bench`'s CSV."""

    layers: int
    width: int
    heads: int
    mlp_width: int
    mlp: str = "swiglu"
    norm: str = "layernorm"
    qk_norm: bool = True
    tied: bool = False
    context: int = 128
    vocabulary: int = 256
    batch_sequences: int = TOKENS_PER_STEP // 128

    def __post_init__(self) -> None:
        for field, allowed in (("mlp", ("gelu", "swiglu")), ("norm", ("layernorm", "rmsnorm"))):
            if getattr(self, field) not in allowed:
                raise ValueError(f"{field} is '{getattr(self, field)}'; {' or '.join(allowed)}")
        for field, value in vars(self).items():
            if type(value) is int and value < 1:
                raise ValueError(f"{field} must be at least 1, is {value}")
        if self.width % (2 * self.heads):
            raise ValueError(f"width {self.width} is no multiple of twice the {self.heads} heads")

    @property
    def block_params(self) -> int:
        matrices = 2 if self.mlp == "gelu" else 3
        return self.layers * self.width * (4 * self.width + matrices * self.mlp_width)

    @property
    def params(self) -> int:
        return self.block_params + self.width * self.vocabulary * (1 if self.tied else 2)

    @property
    def flops_per_token(self) -> float:
        """Forward and backward, head included, full attention map: isoflop's exact count."""
        matrices = self.block_params + self.width * self.vocabulary
        attention_map = 2 * 2 * self.context * self.width * self.layers
        return 3.0 * (2 * matrices + attention_map)

    @property
    def name(self) -> str:
        return f"d{self.width}-l{self.layers}"

    @property
    def tokens_per_step(self) -> int:
        return self.batch_sequences * self.context


SHAPE_COLUMNS = {field.name: field.type for field in dataclasses.fields(Shape)}
KINDS = {"int": "a whole number", "bool": "true or false"}

# The rungs of isoflop's size ladder nearest to 50 k, 250 k, 1 M and 5 M parameters.
DEFAULT_SHAPES = [
    Shape(layers=3, width=32, heads=4, mlp_width=88),
    Shape(layers=3, width=80, heads=5, mlp_width=216),
    Shape(layers=5, width=128, heads=8, mlp_width=344),
    Shape(layers=6, width=256, heads=8, mlp_width=680),
]


class Linear(nn.Linear):
    """Without bias; float32 weights, cast to the precision of what they multiply.

    Measured on a CPU beside torch.autocast, which casts more: at 5 M parameters 1.4 times faster in
    eager mode and within a tenth of it compiled; no difference seen at 50 k.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(inputs, outputs, bias=False)
        nn.init.normal_(self.weight, std=inputs**-0.5)

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight.to(x.dtype))


def normalise(shape: Shape, x: Tensor) -> Tensor:
    """Over the last dimension, without weights."""
    if shape.norm == "layernorm":
        return F.layer_norm(x, x.shape[-1:], eps=NORM_EPSILON)
    return F.rms_norm(x, x.shape[-1:], eps=NORM_EPSILON)


class Block(nn.Module):
    """Attention, then the MLP, each on the normalised stream and added to it."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        gates = 1 if shape.mlp == "gelu" else 2
        self.shape = shape
        self.qkv = Linear(shape.width, 3 * shape.width)
        self.out = Linear(shape.width, shape.width)
        self.up = Linear(shape.width, gates * shape.mlp_width)
        self.down = Linear(shape.mlp_width, shape.width)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        x = x + self.out(self.attend(normalise(self.shape, x), cos, sin))
        return x + self.down(self.activate(self.up(normalise(self.shape, x))))

    def attend(self, h: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        batch, context, width = h.shape
        qkv = self.qkv(h).view(batch, context, 3, self.shape.heads, -1).to(cos.dtype)
        qk, v = qkv[:, :, :2], qkv[:, :, 2]  # queries and keys are treated alike, so at once
        if self.shape.qk_norm:
            qk = normalise(self.shape, qk)
        first, second = qk.chunk(2, dim=-1)
        qk = torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)
        q, k = qk.unbind(2)
        # Normalised products are at most K; the largest logit is that of a head of 128.
        scale = 128**0.5 / q.shape[-1] if self.shape.qk_norm else None
        y = F.scaled_dot_product_attention(
            q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), is_causal=True, scale=scale
        )
        return y.transpose(1, 2).reshape(batch, context, width).to(h.dtype)

    def activate(self, up: Tensor) -> Tensor:
        if self.shape.mlp == "gelu":
            return F.gelu(up)
        gate, up = up.chunk(2, dim=-1)
        return F.silu(gate) * up


class Decoder(nn.Module):
    """Token windows [B, T + 1] in, mean cross-entropy in nats out."""

    def __init__(self, shape: Shape, dtype: torch.dtype, attention_dtype: torch.dtype) -> None:
        super().__init__()
        self.shape = shape
        self.dtype = dtype
        self.embedding = nn.Embedding(shape.vocabulary, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.head = Linear(shape.width, shape.vocabulary)
        if shape.tied:
            self.head.weight = self.embedding.weight
        half = shape.width // shape.heads // 2
        frequencies = 10_000.0 ** (-torch.arange(half, dtype=torch.float64) / half)
        angles = torch.outer(torch.arange(shape.context, dtype=torch.float64), frequencies)
        angles = angles[:, None, None, :]  # [T, q or k, head, K / 2]
        self.register_buffer("cos", angles.cos().to(attention_dtype), persistent=False)
        self.register_buffer("sin", angles.sin().to(attention_dtype), persistent=False)

    def forward(self, windows: Tensor) -> Tensor:
        inputs, targets = windows[:, :-1], windows[:, 1:]
        x = normalise(self.shape, self.embedding(inputs).to(self.dtype))
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        logits = self.head(normalise(self.shape, x))
        return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten())


class Trainer:
    """One decoder, its AdamW, and the time its steps take."""

    def __init__(self, shape: Shape, precision: str, mode: str, device: str) -> None:
        torch.manual_seed(1)
        torch.compiler.reset()
        self.shape = shape
        self.device = device
        dtype = PRECISIONS[precision]
        # On a CPU attention is float32, as isoflop's is: bfloat16 attention is slower there.
        self.model = Decoder(shape, dtype, torch.float32 if device == "cpu" else dtype).to(device)
        self.loss = torch.compile(self.model, dynamic=False) if mode == "compile" else self.model
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1, fused=True
        )

    def seconds(self, steps: int) -> float:
        """Trains that many steps; the device is waited for once, at the end."""
        size = (steps, self.shape.batch_sequences, self.shape.context + 1)
        windows = torch.randint(self.shape.vocabulary, size, device=self.device)
        synchronize(self.device)
        start = time.perf_counter()
        for batch in windows:
            loss = self.loss(batch)
            loss.backward()
            nn.utils.clip_grad_norm_(self.model.parameters(), 1.0, foreach=True)
            self.optimizer.step()
            self.optimizer.zero_grad(set_to_none=True)
        if not math.isfinite(loss.item()):
            fail(f"the loss is {loss.item()} at {self.shape}")
        return time.perf_counter() - start

    def tokens_per_second(self, seconds: float) -> float:
        """Returns the median over chunks that together take about that many seconds.

        Warming up takes no longer than they do, and where a step takes longer, one is all there is.
        """
        self.seconds(1)  # allocates, and compiles where asked to
        per_step = warm_up = self.seconds(1)
        for _ in range(WARM_UP_STEPS - 2):
            if warm_up > seconds:
                break
            per_step = self.seconds(1)
            warm_up += per_step
        chunks = max(1, min(CHUNKS, round(seconds / per_step)))
        steps = max(1, round(seconds / chunks / per_step))
        rates = [steps / self.seconds(steps) for _ in range(chunks)]
        return statistics.median(rates) * self.shape.tokens_per_step


def fail(message: str) -> NoReturn:
    """Ends with one line on standard error and exit code 2: the input is wrong."""
    print(f"peer_pytorch.py: {message}", file=sys.stderr)
    sys.exit(2)


def synchronize(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def matmul_peak(dtype: torch.dtype, device: str) -> float:
    """Returns the FLOP/s of the best square matrix product, grown until it takes 50 ms."""
    best = 0.0
    for size in (512, 1024, 2048, 4096, 8192):
        a, b = (torch.randn(size, size, device=device, dtype=dtype) for _ in range(2))
        a @ b
        fastest = math.inf
        for _ in range(3):
            synchronize(device)
            start = time.perf_counter()
            a @ b
            synchronize(device)
            fastest = min(fastest, time.perf_counter() - start)
        best = max(best, 2 * size**3 / fastest)
        if fastest > 0.05:
            break
    return best


def read_shapes(path: str) -> list[Shape]:
    """Returns the distinct shapes of a CSV that `isoflop bench` wrote, in its order."""
    line = 1
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = csv.DictReader(file)
            missing = SHAPE_COLUMNS.keys() - set(rows.fieldnames or [])
            if missing:
                fail(f"{path}: no column {', '.join(sorted(missing))}; `isoflop bench` writes it")
            shapes = []
            for row in rows:
                line = rows.line_num
                shapes.append(to_shape(row))
    except OSError as error:
        fail(f"{path}: {error.strerror}")
    except ValueError as error:
        fail(f"{path}:{line}: {error}")
    if not shapes:
        fail(f"{path}: no rows below the header")
    return list(dict.fromkeys(shapes))


def to_shape(row: dict[str, str | None]) -> Shape:
    values: dict[str, int | bool | str] = {}
    for name, kind in SHAPE_COLUMNS.items():
        text = (row[name] or "").strip().lower()
        if kind == "int" and text.isdecimal():
            values[name] = int(text)
        elif kind == "bool" and text in ("true", "false"):
            values[name] = text == "true"
        elif kind == "str":
            values[name] = text
        else:
            raise ValueError(f"{name} is '{text}', not {KINDS[kind]}")
    shape = Shape(**values)
    if row.get("params") not in (None, str(shape.params)):
        raise ValueError(f"params is {row['params']}, but this shape has {shape.params}")
    return shape


def choices(allowed: Iterable[str]) -> Callable[[str], list[str]]:
    """Returns a parser of comma-separated words."""

    def parse(text: str) -> list[str]:
        words = text.split(",")
        for word in words:
            if word not in allowed:
                raise argparse.ArgumentTypeError(f"'{word}' is none of {', '.join(allowed)}")
        return words

    return parse


def positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    """Returns a parser of numbers above zero."""

    def parse(text: str) -> float:
        try:
            value = kind(text)
        except ValueError:
            value = math.nan
        if not 0 < value < math.inf:
            raise argparse.ArgumentTypeError(f"'{text}' is no positive number")
        return value

    return parse


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--shapes", metavar="FILE.csv", help="shapes as `isoflop bench` wrote them (default: four)")
    add("--precision", type=choices(PRECISIONS), default=list(PRECISIONS), metavar="LIST",
        help="of float32,bfloat16 (default: both)")
    add("--mode", type=choices(MODES), default=list(MODES), metavar="LIST",
        help="of eager,compile (default: both)")
    add("--device", choices=("cpu", "cuda"), default="cpu", help="(default: %(default)s)")
    add("--threads", type=positive(int), default=1, metavar="N", help="(default: %(default)s)")
    add("--seconds", type=positive(float), default=5.0, metavar="S",
        help="to measure for, per row (default: %(default)s)")
    add("--csv", metavar="OUT", help="write the rows here too")
    return parser.parse_args()


def measure(shape: Shape, precision: str, mode: str, options: argparse.Namespace) -> float:
    """Returns tokens per second, or ends with one line where PyTorch cannot do it here."""
    try:
        trainer = Trainer(shape, precision, mode, options.device)
        return trainer.tokens_per_second(options.seconds)
    except RuntimeError as error:  # out of memory, or no compiler: both name themselves
        reason = str(error).strip().splitlines()[0]
        fail(f"{shape.params} parameters, {precision}, {mode}: {type(error).__name__}: {reason}")


def main() -> None:
    options = arguments()
    if options.device == "cuda" and not torch.cuda.is_available():
        fail(f"--device cuda: PyTorch {torch.__version__} sees no CUDA device; try --device cpu")
    torch.set_num_threads(options.threads)
    shapes = read_shapes(options.shapes) if options.shapes else DEFAULT_SHAPES
    write_rows(options.csv, [])  # a path that cannot be written is told before the work
    peaks = {name: matmul_peak(PRECISIONS[name], options.device) for name in options.precision}
    device = torch.cuda.get_device_name() if options.device == "cuda" else "cpu"
    print(f"PyTorch {torch.__version__}, {device}, threads: {options.threads}, matmul peak: "
          + ", ".join(f"{name} {peak / 1e9:,.0f} GFLOP/s" for name, peak in peaks.items()))
    print(f"{'params':>11} {'shape':>9} {'precision':>9} {'mode':>7} {'tokens/s':>11} "
          f"{'GFLOP/s':>9} {'of peak':>7}")
    rows: list[dict[str, object]] = []
    for shape, precision, mode in itertools.product(shapes, options.precision, options.mode):
        rate = measure(shape, precision, mode, options)
        flops = rate * shape.flops_per_token
        print(f"{shape.params:11,} {shape.name:>9} {precision:>9} {mode:>7} {rate:11,.0f} "
              f"{flops / 1e9:9,.1f} {flops / peaks[precision]:7.1%}", flush=True)
        rows.append({"params": shape.params, **dataclasses.asdict(shape), "precision": precision,
                     "tokens_per_second": rate, "flops_per_second": flops,
                     "matmul_flops_per_second": peaks[precision], "mode": mode,
                     "device": device, "threads": options.threads})
        write_rows(options.csv, rows)


def write_rows(path: str | None, rows: list[dict[str, object]]) -> None:
    """Writes the rows so far, booleans as Java writes them, where a path is given."""
    if path is None:
        return
    try:
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0].keys() if rows else [], lineterminator="\n")
            writer.writeheader()
            for row in rows:
                writer.writerow({name: str(value).lower() if isinstance(value, bool) else value
                                 for name, value in row.items()})
    except OSError as error:
        fail(f"{path}: {error.strerror}")


if __name__ == "__main__":
    main()
