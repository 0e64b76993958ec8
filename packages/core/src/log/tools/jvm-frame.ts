/** A line of a stack trace of Java, Kotlin, Scala or Groovy that is not inside the platform, a test framework or a build tool. */
export const jvmFrame =
  /^\s+(?:at )?(?:[\w.@-]*\/{1,2}|\/\/)?(?!(?:java|javax|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|junit|org\.(?:junit|opentest4j|assertj|hamcrest|mockito|gradle|apache\.maven|spockframework|codehaus|testng|springframework))[.$])[\w$.<>]+\((?<file>\w+\.(?:java|kt|scala|groovy)):(?<line>\d+)\)$/;

/** The line of a stack trace that names the exception. */
export const jvmException =
  /^\s*(?<message>(?:[\w$]+\.){1,12}[\w$]*(?:Error|Exception|Failure|Failed|Violation)\b.*)$/;
