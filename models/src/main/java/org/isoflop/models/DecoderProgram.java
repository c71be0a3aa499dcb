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
import java.util.function.LongFunction;
import org.isoflop.models.WeightMatrix.UpdateScale;

/**
 * One decoder on one device, being trained: a typed handle on {@code decoder.py}.
 *
 * <p>Each instance has its own weights and optimiser state; it belongs to one thread at a time.
 *
 * <p>Text comes as windows of context + 1 tokens, all but the last of which are inputs and all but
 * the first targets; the windows of a call stand one after another in one array.
 */
public final class DecoderProgram implements AutoCloseable {

  /** Of the logits that are held at once; those of 65,536 positions of single bytes. */
  private static final long CHUNK_BYTES = 64 << 20;

  private final DecoderConfig decoder;
  private final int passSequences;
  private final int windowTokens;
  private final List<WeightMatrix> matrices;
  private final List<UpdateScale> groups;
  private final TorchScriptModule module;

  private DecoderProgram(DecoderConfig decoder, int passSequences, TorchScriptModule module) {
    this.decoder = decoder;
    this.passSequences = passSequences;
    this.windowTokens = decoder.options().context() + 1;
    this.matrices = WeightMatrix.of(decoder);
    this.groups = groups(matrices);
    this.module = module;
  }

  /**
   * Loads the program.
   *
   * @param passSequences most sequences that go through the decoder at once: decides the memory it
   *     needs and, but for rounding, none of its numbers
   * @param device where it computes
   * @param state to go on from
   */
  public static DecoderProgram load(
      DecoderConfig decoder,
      OptimizerSettings optimizer,
      Precision precision,
      int passSequences,
      Device device,
      DecoderState state) {
    int chunkPositions = chunkPositions(decoder.options().vocabulary());
    return load(decoder, optimizer, precision, passSequences, chunkPositions, device, state);
  }

  /** The same with so many positions of a pass having their logits in memory at once. */
  static DecoderProgram load(
      DecoderConfig decoder,
      OptimizerSettings optimizer,
      Precision precision,
      int passSequences,
      int chunkPositions,
      Device device,
      DecoderState state) {
    Checks.check(passSequences >= 1, "a pass of %d sequences trains nothing", passSequences);
    Map<String, Object> attributes = attributes(decoder, optimizer, precision, device);
    attributes.put("pass_sequences", passSequences);
    attributes.put("chunk_positions", chunkPositions);
    TorchScriptModule module = TorchScriptModule.load("decoder.py", "Decoder", attributes, device);
    DecoderProgram program = new DecoderProgram(decoder, passSequences, module);
    program.restore(state);
    return program;
  }

  /** Returns how many positions of a pass have their logits in memory at once. */
  public static int chunkPositions(int vocabulary) {
    return (int) Math.max(1, CHUNK_BYTES / ((long) Float.BYTES * vocabulary));
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
   * @param windows [steps][windows of the batch][context + 1] tokens
   * @param learningRates one per step, those of the base shape
   */
  public StepMetrics train(int[] windows, float[] learningRates) {
    int steps = learningRates.length;
    Checks.check(
        steps > 0 && windows.length > 0 && windows.length % ((long) steps * windowTokens) == 0,
        "%d tokens are no windows of %d for %d steps",
        windows.length,
        windowTokens,
        steps);
    try (NDManager scope = module.newScope()) {
      Shape shape = new Shape(steps, windows.length / steps / windowTokens, windowTokens);
      NDArray batches = named(scope.create(windows, shape), "windows");
      NDArray rates = scope.create(ofGroups(learningRates), new Shape(steps, groups.size()));
      NDList metrics = module.call("train", new NDList(batches, named(rates, "rates")));
      return new StepMetrics(metrics.get(0).toFloatArray(), metrics.get(1).toFloatArray());
    }
  }

  /**
   * Returns the mean loss over some windows, nats per token. They are asked for as they are needed,
   * so that never more than a pass of them is held.
   *
   * @param count how many windows, at least one
   * @param window the tokens of each, by its number from 0
   */
  public double evaluate(long count, LongFunction<int[]> window) {
    Checks.check(count > 0, "nothing to evaluate on");
    long passes = (count + passSequences - 1) / passSequences;
    double sum = 0;
    long first = 0;
    for (long pass = 0; pass < passes; pass++) {
      int size = (int) (count / passes + (pass < count % passes ? 1 : 0));
      int[] windows = new int[size * windowTokens];
      for (int i = 0; i < size; i++) {
        System.arraycopy(window.apply(first + i), 0, windows, i * windowTokens, windowTokens);
      }
      try (NDManager scope = module.newScope()) {
        NDList ofPass = module.call("evaluate", new NDList(batch(scope, windows)));
        sum += ofPass.singletonOrThrow().getFloat();
      }
      first += size;
    }
    return sum / count;
  }

  /**
   * Returns the loss and every gradient of one batch, the state untouched: [loss], then weights.
   */
  List<float[]> gradients(int[] windows) {
    try (NDManager scope = module.newScope()) {
      return copy(module.call("gradients", new NDList(batch(scope, windows))));
    }
  }

  @Override
  public void close() {
    module.close();
  }

  /** Returns what weights are updated with that others are not, each once. */
  private static List<UpdateScale> groups(List<WeightMatrix> matrices) {
    return matrices.stream().map(WeightMatrix::update).distinct().toList();
  }

  /** Returns every group's learning rate, step by step. */
  private float[] ofGroups(float[] learningRates) {
    float[] rates = new float[learningRates.length * groups.size()];
    for (int i = 0; i < rates.length; i++) {
      double scale = groups.get(i % groups.size()).rate();
      rates[i] = (float) (learningRates[i / groups.size()] * scale);
    }
    return rates;
  }

  private NDArray batch(NDManager scope, int[] windows) {
    Shape shape = new Shape(windows.length / windowTokens, windowTokens);
    return named(scope.create(windows, shape), "windows");
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
    attributes.put("residual_scale", decoder.residualScale());
    attributes.put("logit_scale", decoder.logitScale());
    attributes.put("beta1", optimizer.beta1());
    attributes.put("beta2", optimizer.beta2());
    attributes.put("clip_norm", optimizer.clipNorm());
    List<WeightMatrix> matrices = WeightMatrix.of(decoder);
    List<UpdateScale> groups = groups(matrices);
    attributes.put("groups", matrices.stream().mapToInt(m -> groups.indexOf(m.update())).toArray());
    attributes.put(
        "epsilons", groups.stream().mapToDouble(g -> optimizer.epsilon() * g.epsilon()).toArray());
    attributes.put(
        "decays", groups.stream().mapToDouble(g -> optimizer.weightDecay() / g.rate()).toArray());
    for (String list : List.of("weights", "exp_avg", "exp_avg_sq", "steps", "rotary")) {
      attributes.put(list, TorchScriptArchive.EMPTY_TENSOR_LIST);
    }
    return attributes;
  }
}
