import { compose } from '../../shared/announce/compose.ts';
import * as slack from '../../shared/announce/slackMessage.ts';
import * as sns from '../../shared/announce/sns.ts';
import type { Announcement } from '../../shared/domain/announcement.ts';

/** Announcements as people get them. */

export const renderSlack = (announcement: Announcement) => slack.renderSlack(compose(announcement));

export const renderSns = (announcement: Announcement) => sns.renderSns(compose(announcement));
