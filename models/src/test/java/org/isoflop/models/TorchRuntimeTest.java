package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TorchRuntimeTest {

  /** Compute capabilities of P100, V100, T4, A100, RTX 4090, H100, B200, RTX 5090. */
  @ParameterizedTest
  @CsvSource({
    "60, FLOAT32",
    "70, FLOAT32",
    "75, FLOAT32",
    "80, BFLOAT16",
    "89, BFLOAT16",
    "90, BFLOAT16",
    "100, BFLOAT16",
    "120, BFLOAT16"
  })
  void onlyGpusFromAmpereOnComputeInBfloat16(String computeCapability, Precision precision) {
    assertThat(TorchRuntime.precision(computeCapability)).isEqualTo(precision);
  }

  @Test
  void aCpuComputesInFloat32() {
    assertThat(TorchRuntime.precision(Device.cpu())).isEqualTo(Precision.FLOAT32);
  }
}
