import type { AlertAnnouncement } from '../domain/announcement.ts';
import {
  alertAdvice,
  alertCause,
  alertCounts,
  alertHeadline,
  alertLately,
  alertNow,
  alertTime,
} from './alertWords.ts';
import { clusterLink, serviceLink } from './links.ts';
import { attributes, body, linkLine, ownWords, row, type SnsMessage, section, subject } from './mail.ts';
import { fix } from './words.ts';

/** The beginning or the end of an alert as plain text. */
export function renderSnsAlert(news: AlertAnnouncement): SnsMessage {
  const lines = [
    `${alertHeadline(news)}.`,
    ...section('', [
      row('Why', alertCause(news)),
      row('Fix', news.end ? undefined : fix(news.cause)),
      row('Lately', alertLately(news)),
      row('When', alertTime(news)),
      row('To do', alertAdvice(news)),
      row('Stopped', alertCounts(news)),
      row('Now', alertNow(news)),
      row('Account', `${news.account} ${news.region}, cluster ${news.cluster}`),
    ]),
    ...ownWords(news.cause),
    ...section('Links', [serviceLink(news), clusterLink(news)].map(linkLine)),
  ];
  return {
    subject: subject(alertHeadline(news)),
    message: body(lines),
    attributes: attributes({
      kind: 'alert',
      app: news.app,
      environment: news.environment,
      service: news.service,
      trouble: news.trouble,
      cause: news.cause.kind,
      state: news.end ? 'closed' : 'open',
      severity: news.end ? 'info' : 'failure',
    }),
  };
}
