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
   * Loads the program; it can train once it has tokens and a state.
   *
   * @param tokens stay open as long as the program
   */
  public static DecoderProgram load(
      DecoderConfig decoder,
      OptimizerSettings optimizer,
      Precision precision,
      TokenArrays tokens,
      DecoderState state) {
    TorchScriptModule module =
        TorchScriptModule.load(
            "decoder.py",
            "Decoder",
            attributes(decoder, optimizer, precision, tokens.device()),
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
   * @param microBatches parts the batch is accumulated over; divides its windows
   * @param learningRates one per step
   */
  public StepMetrics train(long[][] offsets, int microBatches, float[] learningRates) {
    Checks.check(
        offsets.length == learningRates.length,
        "%d batches with %d learning rates",
        offsets.length,
        learningRates.length);
    try (NDManager scope = module.newScope()) {
      NDArray batches = microBatched(scope, offsets, microBatches);
      NDList metrics =
          module.call("train", new NDList(batches, named(scope.create(learningRates), "rates")));
      return new StepMetrics(metrics.get(0).toFloatArray(), metrics.get(1).toFloatArray());
    }
  }

  /**
   * Returns the mean validation loss over all windows at these offsets, nats per token.
   *
   * @param offsets where each window starts in the validation tokens; at least one
   * @param batch windows per forward pass
   */
  public double evaluate(long[] offsets, int batch) {
    Checks.check(offsets.length > 0, "nothing to evaluate on");
    int whole = offsets.length / batch;
    double sum = 0;
    if (whole > 0) {
      sum = batch * evaluateBatches(offsets, 0, whole, batch);
    }
    int rest = offsets.length - whole * batch;
    if (rest > 0) {
      sum += rest * evaluateBatches(offsets, whole * batch, 1, rest);
    }
    return sum / offsets.length;
  }

  /**
   * Returns the loss and every gradient of one batch, the state untouched: [loss], then weights.
   */
  List<float[]> gradients(long[] offsets, int microBatches) {
    try (NDManager scope = module.newScope()) {
      NDArray batch = microBatched(scope, new long[][] {offsets}, microBatches);
      return copy(module.call("gradients", new NDList(named(batch.get(0), "offsets"))));
    }
  }

  @Override
  public void close() {
    module.close();
  }

  private double evaluateBatches(long[] offsets, int from, int batches, int batch) {
    long[] part = new long[batches * batch];
    System.arraycopy(offsets, from, part, 0, part.length);
    try (NDManager scope = module.newScope()) {
      NDArray input = scope.create(part, new Shape(batches, batch));
      double sum = 0;
      for (float loss :
          module.call("evaluate", new NDList(input)).singletonOrThrow().toFloatArray()) {
        sum += loss;
      }
      return sum;
    }
  }

  private NDArray microBatched(NDManager scope, long[][] offsets, int microBatches) {
    int batch = offsets[0].length;
    Checks.check(
        microBatches >= 1 && batch % microBatches == 0,
        "a batch of %d windows cannot be split into %d equal micro-batches",
        batch,
        microBatches);
    long[] flat = new long[offsets.length * batch];
    for (int step = 0; step < offsets.length; step++) {
      System.arraycopy(offsets[step], 0, flat, step * batch, batch);
    }
    NDArray array =
        scope.create(flat, new Shape(offsets.length, microBatches, batch / microBatches));
    return named(array, "offsets");
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
      DecoderConfig decoder, OptimizerSettings optimizer, Precision precision, Device device) {
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
