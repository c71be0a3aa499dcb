package org.isoflop.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.StringLength;

/** What is a number to a table. */
final class QuantitiesTest {

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  @Property(tries = 1000)
  void takesExactlyDecimalNumbers(
      @ForAll
          @Chars({'+', '-', '.', 'e', 'E', 'd', 'x', ' '})
          @CharRange(from = '0', to = '1')
          @StringLength(max = 7)
          String cell) {
    boolean decimal = DECIMAL.matcher(cell).matches();
    if (!decimal || Double.isFinite(Double.parseDouble(cell))) {
      assertThat(Quantities.parseNumber(cell).isPresent()).isEqualTo(decimal);
    } else {
      assertThat(Quantities.parseNumber(cell)).isEmpty();
    }
  }

  @Property(tries = 200)
  void readsBackWhatJavaPrints(@ForAll @DoubleRange double value) {
    assertThat(Quantities.parseNumber(Double.toString(value))).hasValue(value);
  }
}
