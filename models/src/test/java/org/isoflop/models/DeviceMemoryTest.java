package org.isoflop.models;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

final class DeviceMemoryTest {

  @Test
  void theMachineHasMoreThanThisJvmMayUse() {
    DeviceMemory memory = DeviceMemory.of(Device.cpu()).orElseThrow();
    assertThat(memory.availableBytes()).isPositive().isLessThanOrEqualTo(memory.totalBytes());
    assertThat(memory.totalBytes()).isGreaterThan(Runtime.getRuntime().totalMemory());
  }
}
