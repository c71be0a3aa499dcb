package org.isoflop.models;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One decoder on one device, being trained: a typed handle on {@code decoder.py}.
 *
 * <p>Each instance has its own weights and optimiser state; it belongs to one thread at a time.
 * Instances share nothing but their {@link TokenArrays}.
 */
public final class DecoderProgram implements AutoCloseable {

  private final DecoderConfig decoder;
  private final List<WeightMatrix> matrices;
  private final TorchScriptModule module;

  private DecoderProgram(DecoderConfig decoder, TorchScriptModule module) {
    this.decoder = decoder;
    this.matrices = WeightMatrix.of(decoder);
    this.module = module;
  }

  /**
   * Loads the program.
   *
   * @param passSequences most sequences that go through the decoder at once: decides the memory it
   *     needs and, but for rounding, none of its numbers
   * @param tokens stay open as long as the program
   * @param state to go on from
   */
  public static DecoderProgram load(
      DecoderConfig decoder,
      OptimizerSettings optimizer,
      Precision precision,
      int passSequences,
      TokenArrays tokens,
      DecoderState state) {
    Checks.check(passSequences >= 1, "a pass of %d sequences trains nothing", passSequences);
    TorchScriptModule module =
        TorchScriptModule.load(
            "decoder.py",
            "Decoder",
            attributes(decoder, optimizer, precision, passSequences, tokens.device()),
            tokens.device());
    DecoderProgram program = new DecoderProgram(decoder, module);
    module.call("set_tokens", tokens.arrays());
    program.restore(state);
    return program;
  }

  /** Returns the decoder this program trains. */
  public DecoderConfig decoder() {
    return decoder;
  }

  /** Replaces weights, moments and step count; training goes on from there. */
  public void restore(DecoderState state) {
    try (NDManager scope = module.newScope()) {
      NDList inputs = new NDList();
      addMatrices(inputs, scope, "weights[]", state.weights());
      addMatrices(inputs, scope, "exp_avg[]", state.firstMoments());
      addMatrices(inputs, scope, "exp_avg_sq[]", state.secondMoments());
      inputs.add(named(scope.create(state.step()), "step"));
      module.call("set_state", inputs);
    }
  }

  /** Returns weights, moments and step count as they are after the last step. */
  public DecoderState state() {
    try (NDManager scope = module.newScope()) {
      NDList all = module.call("state", new NDList(scope.create(0)));
      int n = matrices.size();
      return new DecoderState(
          (long) all.get(3 * n).getFloat(),
          copy(all.subNDList(0, n)),
          copy(all.subNDList(n, 2 * n)),
          copy(all.subNDList(2 * n, 3 * n)));
    }
  }

  /**
   * Trains some steps in a row without waiting for the device between them.
   *
   * @param offsets where each window starts in the training tokens: [steps][windows of the batch]
   * @param learningRates one per step
   */
  public StepMetrics train(long[][] offsets, float[] learningRates) {
    Checks.check(
        offsets.length == learningRates.length,
        "%d batches with %d learning rates",
        offsets.length,
        learningRates.length);
    try (NDManager scope = module.newScope()) {
      NDArray batches = named(scope.create(offsets), "offsets");
      NDList metrics =
          module.call("train", new NDList(batches, named(scope.create(learningRates), "rates")));
      return new StepMetrics(metrics.get(0).toFloatArray(), metrics.get(1).toFloatArray());
    }
  }

  /**
   * Returns the mean validation loss over all windows at these offsets, nats per token.
   *
   * @param offsets where each window starts in the validation tokens; at least one
   */
  public double evaluate(long[] offsets) {
    Checks.check(offsets.length > 0, "nothing to evaluate on");
    try (NDManager scope = module.newScope()) {
      NDList sums = module.call("evaluate", new NDList(named(scope.create(offsets), "offsets")));
      double sum = 0;
      for (float ofPass : sums.singletonOrThrow().toFloatArray()) {
        sum += ofPass;
      }
      return sum / offsets.length;
    }
  }

  /**
   * Returns the loss and every gradient of one batch, the state untouched: [loss], then weights.
   */
  List<float[]> gradients(long[] offsets) {
    try (NDManager scope = module.newScope()) {
      return copy(module.call("gradients", new NDList(named(scope.create(offsets), "offsets"))));
    }
  }

  @Override
  public void close() {
    module.close();
  }

  private void addMatrices(NDList inputs, NDManager scope, String name, List<float[]> values) {
    for (int i = 0; i < matrices.size(); i++) {
      WeightMatrix matrix = matrices.get(i);
      NDArray array = scope.create(values.get(i), new Shape(matrix.rows(), matrix.columns()));
      inputs.add(named(array, name));
    }
  }

  private static List<float[]> copy(NDList arrays) {
    List<float[]> copies = new ArrayList<>();
    for (NDArray array : arrays) {
      copies.add(array.toType(DataType.FLOAT32, false).toFloatArray());
    }
    return copies;
  }

  private static NDArray named(NDArray array, String name) {
    array.setName(name);
    return array;
  }

  private static Map<String, Object> attributes(
      DecoderConfig decoder,
      OptimizerSettings optimizer,
      Precision precision,
      int passSequences,
      Device device) {
    DecoderOptions options = decoder.options();
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("layers", decoder.layers());
    attributes.put("heads", decoder.heads());
    attributes.put("context", options.context());
    attributes.put("swiglu", options.mlp() == MlpKind.SWIGLU);
    attributes.put("rmsnorm", options.norm() == NormKind.RMSNORM);
    attributes.put("qk_norm", options.qkNorm());
    attributes.put("tied", options.tied());
    attributes.put("compute_dtype", precision.torchScalarType());
    // libtorch's bfloat16 attention on the CPU is 3 to 4 times slower than its float32 one.
    Precision attention = device.isGpu() ? precision : Precision.FLOAT32;
    attributes.put("attention_dtype", attention.torchScalarType());
    attributes.put("attention_scale", decoder.attentionScale());
    attributes.put("pass_sequences", passSequences);
    attributes.put("beta1", optimizer.beta1());
    attributes.put("beta2", optimizer.beta2());
    attributes.put("epsilon", optimizer.epsilon());
    attributes.put("weight_decay", optimizer.weightDecay());
    attributes.put("clip_norm", optimizer.clipNorm());
    for (String list : List.of("weights", "exp_avg", "exp_avg_sq", "steps", "rotary", "tokens")) {
      attributes.put(list, TorchScriptArchive.EMPTY_TENSOR_LIST);
    }
    return attributes;
  }
}
