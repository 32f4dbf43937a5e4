/** Lines that applications and sidecars write while all is well, and while they are stopped. */

const range = <T>(count: number, line: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => line(i));
const clock = (index: number) =>
  `10:${String(Math.floor(index / 60) % 60).padStart(2, '0')}:${String(index % 60).padStart(2, '0')}`;

/** `after` is in milliseconds: the lines of a sidecar that come after the application has ended. */
export function later(after: number, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => `@${after + index} ${line}`);
}

export const nodeRequests = (count: number) =>
  range(
    count,
    (i) =>
      `{"level":30,"time":${1_793_527_200_000 + i},"pid":1,"hostname":"ip-10-0-1-5","req":{"id":${i},"method":"GET","url":"/errors?fatal=${i}"},"res":{"statusCode":200},"msg":"request completed"}`,
  );

export const accessLog = (count: number) =>
  range(
    count,
    (i) =>
      `10.0.${i % 4}.${i % 250} - - [01/Nov/2026:${clock(i)} +0000] "GET /api/errors/${i} HTTP/1.1" ${i % 9 === 0 ? 404 : 200} ${i * 7} "-" "ELB-HealthChecker/2.0"`,
  );

export const springBoot = (count: number) =>
  range(
    count,
    (i) =>
      `2026-11-01T${clock(i)}.120Z  INFO 1 --- [           main] o.s.b.f.s.DefaultListableBeanFactory     : Overriding bean definition for bean 'errorHandler${i}' with a different definition`,
  );

export const javaFrames = (
  count: number,
  of = 'org.springframework.beans.factory.support.AbstractBeanFactory',
) =>
  range(
    count,
    (i) => `\tat ${of}.doGetBean(AbstractBeanFactory.java:${300 + i}) ~[spring-beans-6.1.6.jar!/:6.1.6]`,
  );

export const pythonFrames = (
  count: number,
  file = '/usr/local/lib/python3.12/site-packages/django/db/backends/utils.py',
) =>
  range(count, (i) => [
    `  File "${file}", line ${80 + i}, in _execute`,
    '    return self.cursor.execute(sql, params)',
  ]).flat();

export const rubyFrames = (count: number) =>
  range(
    count,
    (i) =>
      `/usr/local/bundle/gems/activerecord-7.1.3/lib/active_record/connection_adapters/abstract/connection_pool.rb:${i + 100}:in \`checkout'`,
  );

export const goFrames = (count: number) =>
  range(count, (i) => [
    `github.com/acme/shop/internal/boot.Step${i}(0xc0000a${6000 + i})`,
    `\t/src/internal/boot/boot.go:${i + 20} +0x1d`,
  ]).flat();

export const nodeFrames = (count: number) =>
  range(count, (i) => `    at Layer.handle${i} (/app/node_modules/express/lib/router/layer.js:${95 + i}:5)`);

export const phpFrames = (count: number) =>
  range(
    count,
    (i) =>
      `#${i} /var/www/html/vendor/laravel/framework/src/Illuminate/Pipeline/Pipeline.php(${180 + i}): Illuminate\\Pipeline\\Pipeline->{closure}()`,
  );

export const dotnetFrames = (count: number) =>
  range(
    count,
    (i) =>
      `   at Microsoft.Extensions.Hosting.Internal.Host.<StartAsync>b__${i}_1(IHostedService service, CancellationToken token)`,
  );

export const djangoStart = (count: number) =>
  range(count, (i) => `  Applying shop.${String(i).padStart(4, '0')}_auto... OK`);

export const envoyStop = (count: number) =>
  range(
    count,
    (i) =>
      `[2026-11-01 ${clock(i)}.000][1][${i % 5 === 0 ? 'warning' : 'info'}][main] [source/server/server.cc:${900 + i}] shutting down: caught ENVOY_SIGTERM, draining listener_error_${i}`,
  );

export const datadogStop = (count: number) =>
  range(
    count,
    (i) =>
      `2026-11-01 ${clock(i)} UTC | CORE | ${i % 7 === 0 ? 'ERROR' : 'INFO'} | (comp/forwarder/defaultforwarder/worker.go:${i} in Stop) | ${i % 7 === 0 ? 'Error while processing transaction: context canceled' : `stopping component ${i}`}`,
  );

export const fluentBitStop = (count: number) =>
  range(
    count,
    (i) =>
      `[2026/11/01 ${clock(i)}] [${i % 6 === 0 ? ' warn' : ' info'}] [engine] ${i % 6 === 0 ? 'service will shutdown in max 5 seconds' : `thread instance ${i} exiting`}`,
  );

export const otelStop = (count: number) =>
  range(
    count,
    (i) =>
      `2026-11-01T${clock(i)}.000Z\t${i % 8 === 0 ? 'error' : 'info'}\tservice@v0.98.0/service.go:${200 + i}\t${i % 8 === 0 ? 'Exporting failed. Dropping data.' : 'Shutdown complete.'}\t{"kind": "exporter", "error": "context canceled"}`,
  );

export const xrayStop = (count: number) =>
  range(
    count,
    (i) =>
      `2026-11-01T${clock(i)}Z [${i % 9 === 0 ? 'Error' : 'Info'}] Shutdown Initiated. Current epoch in nanoseconds: ${i}`,
  );
