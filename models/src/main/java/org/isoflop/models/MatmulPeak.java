package org.isoflop.models;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;

/** Measures the FLOP/s a device reaches in large matrix products. */
public final class MatmulPeak {

  private static final int CPU_SIDE = 1024;
  private static final int GPU_SIDE = 8192;
  private static final double SECONDS = 0.3;
  private static final int CALLS = 5;

  private MatmulPeak() {}

  /** Returns the best of several calls, FLOP/s, a multiply and an add counting 2. */
  public static double measure(Device device, Precision precision) {
    int side = device.isGpu() ? GPU_SIDE : CPU_SIDE;
    double flops = 2.0 * side * side * side;
    try (TorchScriptModule module =
            TorchScriptModule.load(
                "matmul.py",
                "Matmul",
                Map.of("compute_dtype", precision.torchScalarType()),
                device);
        NDManager scope = module.newScope()) {
      NDArray matrix = scope.randomUniform(-1, 1, new Shape(side, side));
      double once = time(module, scope, matrix, 1);
      if (once > SECONDS) {
        return flops / once; // so slow that warming up is no part of it
      }
      once = time(module, scope, matrix, 4) / 4;
      int repeats = (int) Math.max(4, Math.min(10_000, SECONDS / once));
      double best = 0;
      for (int call = 0; call < CALLS; call++) {
        best = Math.max(best, flops * repeats / time(module, scope, matrix, repeats));
      }
      return best;
    }
  }

  private static double time(
      TorchScriptModule module, NDManager scope, NDArray matrix, int repeats) {
    try (NDManager call = scope.newSubManager();
        NDArray count = call.create(new float[repeats])) {
      long begin = System.nanoTime();
      module.call("multiply", new NDList(matrix, matrix, count)).singletonOrThrow().getFloat();
      return (System.nanoTime() - begin) * 1e-9;
    }
  }
}
