package org.isoflop.harness.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * FLOPs and tokens as people write them: {@code 1e20}, {@code 400M}, {@code 3.2B}, {@code 5T}; in
 * either case, k, M, B (or G) and T are powers of 1000.
 */
final class CountConverter implements ITypeConverter<Double> {

  private static final double LARGEST = 1e40;

  private static final Pattern COUNT =
      Pattern.compile("(\\+?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)([kmbgt]?)");

  @Override
  public Double convert(String text) {
    Matcher matcher = COUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      double value = Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
      if (value >= 1 && value <= LARGEST) {
        return value;
      }
    }
    throw new TypeConversionException(
        "'" + text + "' is not a count from 1 to 1e40, such as 1e20, 400M, 3.2B or 5T");
  }

  private static double unit(String suffix) {
    return switch (suffix) {
      case "k" -> 1e3;
      case "m" -> 1e6;
      case "b", "g" -> 1e9;
      case "t" -> 1e12;
      default -> 1;
    };
  }
}
