"""Makes the sentence encoder of bot/matching/model: python tools/build_encoder.py WEIGHTS [--reference]

WEIGHTS is a folder with `model.safetensors` and `tokenizer.json` of sentence-transformers/all-MiniLM-L6-v2, revision
1110a243 (Apache-2.0); both are checked against their known hashes. Needs onnx, onnxruntime and safetensors, which the
bot itself does not install (onnxruntime apart). The same weights and versions give the same bytes.

`--reference` writes, instead, what the model gives in full precision for some sentences, by PyTorch and transformers:
an implementation that shares nothing with ours. `tests/matching/test_encoder.py` compares the two.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

MODEL = Path(__file__).parent.parent / "bot" / "matching" / "model"
REFERENCE = Path(__file__).parent.parent / "tests" / "matching" / "encoder_reference.json"
SOURCE = "sentence-transformers/all-MiniLM-L6-v2, revision 1110a243, Apache-2.0"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENS = 128  # that a text is cut to; the tokenizer's own limit

LAYERS, HEADS, WIDTH = 6, 12, 384
HEAD_WIDTH = WIDTH // HEADS
EPSILON = 1e-12  # of the layer norms
OPSET = 20  # the first with Gelu
STEPS = 127  # of an 8-bit number, to either side of nought
LOWEST = 128  # below nought, of a signed 8-bit number
AS_IT_IS = 0  # in ONNX's Reshape: as long as the input is there

Floats = NDArray[np.float32]

SENTENCES = (
    "How much does HSCT cost in Mexico?",
    "hsct",
    "is stem cell transplant a cure for multiple sclerosis",
    "Will my periods come back after cyclophosphamide, and should I freeze my eggs before?",
    "thnaks for the add, does anyone know how long hair takes to grow back",
    "¿Cuánto cuesta el trasplante?",
    "EDSS 6.5, SPMS, 54 - too late for me?",
    "My neurologist laughed when I asked. Actually laughed. Why are they so against it?",
    "the cat sat on the mat",
    "What does myeloablative mean " * 30,
)


class Graph:
    """The encoder as ONNX operators, one after another; its tables are in whole numbers already."""

    def __init__(self, weights: dict[str, Floats]) -> None:
        import onnx.helper

        self._make = onnx.helper.make_node
        self._weights = weights
        self.nodes: list[Any] = []
        self.constants: dict[str, NDArray[Any]] = {}

    def node(self, operator: str, *inputs: str, **attributes: Any) -> str:  # noqa: ANN401 - as onnx takes them
        """Add an operator; give the name of its outcome."""
        name = f"{operator}{len(self.nodes)}"
        self.nodes.append(self._make(operator, inputs, [name], name=name, **attributes))
        return name

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Add numbers that do not change."""
        self.constants[name] = value
        return name

    def weight(self, name: str) -> str:
        """Add numbers of the model as they are."""
        return self.constant(name, self._weights[name])

    def table(self, name: str, places: str) -> str:
        """Look rows up in a table of the model; each row has its own scale."""
        whole, scale = in_whole_numbers(self._weights[name])
        rows = self.node("Gather", self.constant(name, whole), places)
        scales = self.node("Gather", self.constant(f"{name}.scale", scale), places)
        return self.node("Mul", self.node("Cast", rows, to=1), scales)

    def linear(self, name: str, value: str) -> str:
        """Multiply by a matrix of the model and add its bias."""
        matrix = self.constant(name, np.ascontiguousarray(self._weights[f"{name}.weight"].T))
        return self.node("Add", self.node("MatMul", value, matrix), self.weight(f"{name}.bias"))

    def norm(self, name: str, value: str) -> str:
        """Bring each token's numbers to the same mean and spread."""
        learnt = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.node("LayerNormalization", value, *learnt, epsilon=EPSILON)


def in_whole_numbers(values: Floats) -> tuple[NDArray[np.int8], Floats]:
    """Give 8-bit numbers and a scale for each row."""
    largest = np.abs(values).max(axis=1, keepdims=True)
    scale = (np.maximum(largest, 1e-12) / STEPS).astype(np.float32)
    return np.round(values / scale).astype(np.int8), scale


def build(weights: dict[str, Floats]) -> Any:  # noqa: ANN401 - onnx has no types of its own
    """Give the model: token numbers of one text -> its vector, of length one."""
    import onnx
    from onnx import helper, numpy_helper

    graph = Graph(weights)
    value = embed(graph)
    for layer in range(LAYERS):
        prefix = f"encoder.layer.{layer}"
        attended = graph.linear(f"{prefix}.attention.output.dense", attend(graph, f"{prefix}.attention.self", value))
        value = graph.norm(f"{prefix}.attention.output.LayerNorm", graph.node("Add", attended, value))
        inner = graph.node("Gelu", graph.linear(f"{prefix}.intermediate.dense", value))
        outer = graph.linear(f"{prefix}.output.dense", inner)
        value = graph.norm(f"{prefix}.output.LayerNorm", graph.node("Add", outer, value))
    mean = graph.node("ReduceMean", value, graph.constant("tokens", np.array([1])), keepdims=0)
    graph.nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=1, p=2))
    made = helper.make_graph(
        graph.nodes,
        "all-MiniLM-L6-v2",
        [helper.make_tensor_value_info("ids", onnx.TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("vector", onnx.TensorProto.FLOAT, ["texts", WIDTH])],
        [numpy_helper.from_array(np.ascontiguousarray(one), name) for name, one in graph.constants.items()],
    )
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    model.doc_string = SOURCE
    onnx.checker.check_model(model, full_check=True)
    return model


def embed(graph: Graph) -> str:
    """Give each token's first numbers: of its word, its place, and (always the same) its sentence."""
    words = graph.table("embeddings.word_embeddings.weight", "ids")
    shape = graph.node("Shape", "ids", start=1, end=2)
    nought, one = graph.constant("nought", np.array(0)), graph.constant("one", np.array(1))
    count = graph.node("Squeeze", shape)
    places = graph.table("embeddings.position_embeddings.weight", graph.node("Range", nought, count, one))
    sentence = graph.constant("sentence", graph._weights["embeddings.token_type_embeddings.weight"][0])  # noqa: SLF001
    return graph.norm("embeddings.LayerNorm", graph.node("Add", graph.node("Add", words, places), sentence))


def attend(graph: Graph, name: str, value: str) -> str:
    """Let every token look at the others; texts are not padded, so that nothing need be masked."""
    apart = graph.constant("apart", np.array([AS_IT_IS, AS_IT_IS, HEADS, HEAD_WIDTH]))
    query, key, content = (
        graph.node("Reshape", graph.linear(f"{name}.{part}", value), apart) for part in ("query", "key", "value")
    )
    query, content = (graph.node("Transpose", one, perm=[0, 2, 1, 3]) for one in (query, content))
    key = graph.node("Transpose", key, perm=[0, 2, 3, 1])
    scale = graph.constant("scale", np.array(HEAD_WIDTH**-0.5, np.float32))
    shares = graph.node("Softmax", graph.node("Mul", graph.node("MatMul", query, key), scale), axis=-1)
    seen = graph.node("Transpose", graph.node("MatMul", shares, content), perm=[0, 2, 1, 3])
    return graph.node("Reshape", seen, graph.constant("together", np.array([AS_IT_IS, AS_IT_IS, WIDTH])))


def checked(file: Path, sha256: str) -> Path:
    """Give the file if it is the known one."""
    if hashlib.sha256(file.read_bytes()).hexdigest() != sha256:
        raise SystemExit(f"{file}: not the file of {SOURCE}. Get that one.")
    return file


def quantize(model: Any, file: Path) -> None:  # noqa: ANN401 - onnx has no types of its own
    """Write the model with its matrices in 8-bit numbers as well, a scale for each column.

    They are found as unsigned numbers, whose nought lies where it fits each column best: that brings the vectors to
    0.99 of the full precision's at worst, signed ones with the nought in the middle to 0.98.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, whole)
        quantize_dynamic(
            whole, small, op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QUInt8,
            extra_options={"MatMulConstBOnly": True},
        )  # fmt: skip
        file.write_bytes(signed(onnx.load(small)).SerializeToString(deterministic=True))


def signed(model: Any) -> Any:  # noqa: ANN401 - onnx has no types of its own
    """Count the matrices' numbers and noughts from -128 instead of 0: the same products, for which processors are made.

    A multiplication takes a third of the time then (`Encoder` says where it is not exact, and avoids it there).
    """
    from onnx import numpy_helper

    constants = {constant.name: constant for constant in model.graph.initializer}
    for node in model.graph.node:
        for name in (node.input[1], node.input[3]) if node.op_type == "MatMulInteger" else ():
            values = numpy_helper.to_array(constants[name]).astype(np.int16) - LOWEST
            constants[name].CopyFrom(numpy_helper.from_array(values.astype(np.int8), name))
    return model


def write_model(folder: Path) -> None:
    """Write model, tokenizer and hashes."""
    from safetensors.numpy import load_file

    weights = load_file(checked(folder / "model.safetensors", WEIGHTS_SHA256))
    MODEL.mkdir(exist_ok=True)
    quantize(build(weights), MODEL / "model.int8.onnx")
    shutil.copyfile(checked(folder / "tokenizer.json", TOKENIZER_SHA256), MODEL / "tokenizer.json")
    names = ("model.int8.onnx", "tokenizer.json")
    hashes = {name: hashlib.sha256((MODEL / name).read_bytes()).hexdigest() for name in names}
    about = {"source": SOURCE, "weights_sha256": WEIGHTS_SHA256, "sha256": hashes}
    (MODEL / "model.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(about, indent=2))


def write_reference(folder: Path) -> None:
    """Write the vectors of the sentences in full precision."""
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel, BertTokenizerFast

    config = BertConfig(hidden_size=WIDTH, num_hidden_layers=LAYERS, num_attention_heads=HEADS, intermediate_size=1536)
    model = BertModel(config, add_pooling_layer=False).eval()
    known = model.state_dict().keys()
    weights = load_file(checked(folder / "model.safetensors", WEIGHTS_SHA256))
    model.load_state_dict({name: value for name, value in weights.items() if name in known}, strict=True)
    tokenizer = BertTokenizerFast(tokenizer_file=str(checked(folder / "tokenizer.json", TOKENIZER_SHA256)))
    vectors = {}
    with torch.no_grad():
        for sentence in SENTENCES:
            tokens = tokenizer(sentence, truncation=True, max_length=TOKENS, padding=False, return_tensors="pt")
            mean = model(**tokens).last_hidden_state[0].mean(dim=0)
            vectors[sentence] = [round(float(number), 6) for number in mean / mean.norm()]
    REFERENCE.write_text(json.dumps(vectors, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Make what was asked for."""
    parser = argparse.ArgumentParser(description="Make the sentence encoder from its published weights.")
    parser.add_argument("weights", type=Path, help="folder with model.safetensors and tokenizer.json")
    parser.add_argument("--reference", action="store_true", help="write the reference vectors of the tests instead")
    options = parser.parse_args()
    write_reference(options.weights) if options.reference else write_model(options.weights)


if __name__ == "__main__":
    main()
