import { Injectable } from "@nestjs/common";

@Injectable()
export class Stations {
  celsius(place: string): number {
    return place.length * 5;
  }
}
