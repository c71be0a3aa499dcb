package org.isoflop.models;

/** The number format of the forward and backward passes; weights and moments are always float32. */
public enum Precision {
  FLOAT32(6),
  BFLOAT16(15);

  private final int torchScalarType;

  Precision(int torchScalarType) {
    this.torchScalarType = torchScalarType;
  }

  /** Returns the number TorchScript knows this dtype by (c10/core/ScalarType.h). */
  int torchScalarType() {
    return torchScalarType;
  }
}
