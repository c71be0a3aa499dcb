package org.isoflop.harness.config;

import org.isoflop.models.Precision;

/** The number format asked for. */
public enum PrecisionChoice {
  /** Decided by the device that a sweep starts on, and kept from then on. */
  AUTO,
  /** Single precision throughout. */
  FLOAT32,
  /** Mixed: passes in bfloat16, weights and moments in float32. */
  BFLOAT16;

  /** Returns the choice, that of the device where it is left to it. */
  PrecisionChoice on(Precision device) {
    return this == AUTO ? valueOf(device.name()) : this;
  }

  /**
   * Returns the format that was decided on.
   *
   * @throws IllegalStateException where that is still left to a device
   */
  public Precision decided() {
    return switch (this) {
      case AUTO -> throw new IllegalStateException("the precision is not decided yet");
      case FLOAT32 -> Precision.FLOAT32;
      case BFLOAT16 -> Precision.BFLOAT16;
    };
  }
}
