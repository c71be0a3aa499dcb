package org.isoflop.harness.cli;

import java.util.OptionalDouble;
import org.isoflop.harness.Quantities;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * FLOPs and tokens as people write them: {@code 1e20}, {@code 400M}, {@code 3.2B}, {@code 5T}; in
 * either case, k, M, B (or G) and T are powers of 1000.
 */
final class CountConverter implements ITypeConverter<Double> {

  private static final double LARGEST = 1e40;

  @Override
  public Double convert(String text) {
    OptionalDouble value = Quantities.parseCount(text);
    if (value.isPresent() && value.getAsDouble() >= 1 && value.getAsDouble() <= LARGEST) {
      return value.getAsDouble();
    }
    throw new TypeConversionException(
        "'" + text + "' is not a count from 1 to 1e40, such as 1e20, 400M, 3.2B or 5T");
  }
}
