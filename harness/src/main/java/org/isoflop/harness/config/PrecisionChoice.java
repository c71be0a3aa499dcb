package org.isoflop.harness.config;

import java.util.Optional;
import org.isoflop.models.Precision;

/** The number format asked for. */
public enum PrecisionChoice {
  /** bfloat16 where the device computes in it natively, float32 elsewhere. */
  AUTO,
  /** Single precision throughout. */
  FLOAT32,
  /** Mixed: passes in bfloat16, weights and moments in float32. */
  BFLOAT16;

  /** Returns the format, or nothing where the device decides. */
  public Optional<Precision> precision() {
    return switch (this) {
      case AUTO -> Optional.empty();
      case FLOAT32 -> Optional.of(Precision.FLOAT32);
      case BFLOAT16 -> Optional.of(Precision.BFLOAT16);
    };
  }
}
